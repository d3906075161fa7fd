package dev.heed.checkpoint.gguf;

/**
 * What a tensor is called in GGUF and in Hugging Face's checkpoint.
 *
 * @param ours GGUF's name, with {@code #} for a layer's number
 * @param theirs Hugging Face's, with {@code #} for the layer's and then the expert's number
 * @param layout how its values lie
 */
record TensorRule(String ours, String theirs, TensorLayout layout) {}
