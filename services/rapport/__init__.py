"""Reports that are written to a folder: tables as Markdown and JSON, figures as SVG and PNG."""
