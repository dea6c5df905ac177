"""The document model of every pack: parts, charts, fonts, and their way to PDF."""
