"""Vector tiles (MVT 2.1) of the layers on the grid WebMercatorQuad."""
