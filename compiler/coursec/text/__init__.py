"""Rich text and math rendered for each target."""
