void main(String[] texts) {
  try (var embedder = dev.heed.task.Embedder.open()) {
    IO.println(java.util.Arrays.toString(embedder.embed(String.join(" ", texts))));
  }
}
