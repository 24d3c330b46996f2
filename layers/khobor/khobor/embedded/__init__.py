"""The embedded stack: template.yaml and its functions in one process, on moto in place of AWS."""
