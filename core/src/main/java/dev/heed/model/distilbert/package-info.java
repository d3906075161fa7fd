/** DistilBERT (Sanh et al. 2019): BERT without segments and pooler, half as deep. */
@NullMarked
package dev.heed.model.distilbert;

import org.jspecify.annotations.NullMarked;
