"""Upgraded official configs, beside what MMDetection itself made of them."""
