"""The workbench of those who look after search."""
