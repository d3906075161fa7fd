package dev.heed.audio;

/**
 * The logarithmic codes of telephony.
 *
 * <p>Source: ITU-T G.711, tables 1a to 2b; in units of 16-bit samples, as usual.
 */
final class Companding {
  private Companding() {}

  /**
   * Expands an A-law code: sign, three bits of exponent, four of fraction, every other bit flipped.
   */
  static float aLaw(byte code) {
    int bits = code ^ 0x55;
    int exponent = bits >> 4 & 7;
    int fraction = (bits & 15) * 2 + 1;
    int magnitude = exponent == 0 ? fraction << 3 : (fraction + 32) << exponent + 2;
    return ((bits & 0x80) != 0 ? magnitude : -magnitude) / 32_768f;
  }

  /** Expands a µ-law code: sign, three bits of exponent, four of fraction, all flipped. */
  static float muLaw(byte code) {
    int bits = ~code;
    int exponent = bits >> 4 & 7;
    int magnitude = (((bits & 15) * 2 + 33) << exponent + 2) - 132;
    return ((bits & 0x80) != 0 ? -magnitude : magnitude) / 32_768f;
  }
}
