"""Runs the notebooks in fresh Java kernels, checks them, joins them to one page and publishes them."""
