"""Text searches of OpenSearch's own API, taken over and answered by the hybrid search."""
