/** The documentation site, made from the pages that stand in the project. */
@NullMarked
package dev.heed.site;

import org.jspecify.annotations.NullMarked;
