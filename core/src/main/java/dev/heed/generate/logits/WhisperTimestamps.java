package dev.heed.generate.logits;

import java.util.Arrays;

/**
 * The rules of Whisper's timestamps (Radford et al. 2022, "Robust Speech Recognition via
 * Large-Scale Weak Supervision", section 2.3, and the decoding rules of its code): timestamps come
 * in pairs but for the last; the first lies near the beginning; and where all timestamps together
 * are likelier than any text token, a timestamp follows.
 *
 * @param end the token that ends a sequence; text tokens lie before it
 * @param noTimestamps the token that switches timestamps off; the timestamps follow it
 * @param begin how many tokens stand before the transcript, forced ones included
 * @param latestFirst how many steps after the beginning the first timestamp may lie; -1 for any
 */
public record WhisperTimestamps(int end, int noTimestamps, int begin, int latestFirst)
    implements LogitsProcessor {
  private int firstTimestamp() {
    return noTimestamps + 1;
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    Range.require(
        noTimestamps >= 0 && firstTimestamp() < scores.length && end >= 0 && end < scores.length,
        "no_timestamps_token_id",
        "a token with timestamps after it in a vocabulary of " + scores.length,
        noTimestamps);
    scores[noTimestamps] = Scores.REMOVED;
    if (prefix.length() == begin - 1) {
      Scores.removeAll(scores);
      scores[firstTimestamp()] = 0;
      return;
    }
    keepPairs(prefix, scores);
    if (prefix.length() == begin && latestFirst >= 0) {
      int last = Math.min(firstTimestamp() + latestFirst, scores.length - 1);
      Arrays.fill(scores, last + 1, scores.length, Scores.REMOVED);
    }
    preferTimestamps(scores);
  }

  private void keepPairs(Prefix prefix, double[] scores) {
    int spoken = prefix.length() - begin;
    boolean last = spoken >= 1 && isTimestamp(prefix, 1);
    boolean lastButOne = spoken < 2 || isTimestamp(prefix, 2);
    if (last && lastButOne) {
      Arrays.fill(scores, firstTimestamp(), scores.length, Scores.REMOVED);
    } else if (last) {
      Arrays.fill(scores, 0, end, Scores.REMOVED);
    }
  }

  private boolean isTimestamp(Prefix prefix, int fromEnd) {
    return prefix.tokens().get(prefix.length() - fromEnd) >= firstTimestamp();
  }

  private void preferTimestamps(double[] scores) {
    double timestamps = Scores.logSumExp(scores, firstTimestamp(), scores.length);
    double text = Arrays.stream(scores, 0, firstTimestamp()).max().orElse(Scores.REMOVED);
    if (timestamps > text) {
      Arrays.fill(scores, 0, firstTimestamp(), Scores.REMOVED);
    }
  }
}
