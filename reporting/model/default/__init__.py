"""Default management: what a default costs and who bears it, step by step.

``waterfall`` meets a loss with layers. The method in words is docs/default-management.md.
"""
