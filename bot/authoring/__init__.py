"""From YAML that people write to a checked script: loading with places, rules, pictures, schema, extraction."""
