package dev.heed.bench.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Seeded texts of common words, whose lengths vary as those of real ones do. */
final class SampleTexts {
  private static final List<String> WORDS =
      List.of(
          ("the a of to and in that is was he for it with as his on be at by had not are but from or have"
                  + " they which one you were her all she there would their we him been has when who will"
                  + " more no if out so said what up its about into than them can only other new some could"
                  + " time these two may then do first any my now such like our over man me even most made"
                  + " after also did many before must through back years where much your way well down should"
                  + " because each just those people how too little state good very make world still own see"
                  + " men work long get here between both life being under never day same another know while"
                  + " last might us great old year off come since against go came right used take three")
              .split(" "));

  private SampleTexts() {}

  /** So many texts of {@code least} to {@code most} words each. */
  static List<String> of(int count, int least, int most, long seed) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int words = least + random.nextInt(most - least + 1);
      texts.add(
          random
              .ints(words, 0, WORDS.size())
              .mapToObj(WORDS::get)
              .collect(Collectors.joining(" ", "", ".")));
    }
    return texts;
  }
}
