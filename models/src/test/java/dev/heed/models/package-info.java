/** The carried models: their cards, their scores on samples, and what the user is promised. */
@NullMarked
package dev.heed.models;

import org.jspecify.annotations.NullMarked;
