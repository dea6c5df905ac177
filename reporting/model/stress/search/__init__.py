"""Search beyond the scenario library: the plausible scenario that hurts most.

Start with ``worst_plausible``; ``severity`` says what is plausible, ``target_losses`` what a move
costs the groups that fail, ``multipliers`` how far all shocks must grow to reach a layer.
"""
