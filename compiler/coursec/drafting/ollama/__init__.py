"""Drafting with a model that Ollama runs: nothing here trusts what comes back."""
