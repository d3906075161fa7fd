package dev.heed.model;

/** What a model reads and writes. */
public enum ModelKind {
  /** Reads a whole sequence at once: BERT, ViT. */
  ENCODER,
  /** Writes on from what is there, token by token: GPT-2, Llama. */
  DECODER,
  /** Reads one sequence and writes another: T5, Whisper. */
  ENCODER_DECODER
}
