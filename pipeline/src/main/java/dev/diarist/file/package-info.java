/** How files come to be. */
package dev.diarist.file;
