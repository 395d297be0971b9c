"""The partner API that clients already in the field speak: docs/architecture.md, « Pull »."""
