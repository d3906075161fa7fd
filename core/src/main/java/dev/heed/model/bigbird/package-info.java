/** BigBird (Zaheer et al. 2020): BERT that sees blocks nearby, at both ends and at random. */
@NullMarked
package dev.heed.model.bigbird;

import org.jspecify.annotations.NullMarked;
