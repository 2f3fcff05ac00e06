"""One module per screen: a function of the model."""
