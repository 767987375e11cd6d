"""Keras networks, their weights, and the devices they run on."""
