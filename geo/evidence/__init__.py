"""Photos and documents that prove rows: kept by the SHA-256 of their content, beside the register.

A row names its files in its property `files`; who sees that of the row sees the files. What they
say of camera and place stays in the original bytes; others get pictures made from them.
"""
