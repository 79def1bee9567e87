/** How files come to be, and are found. */
package dev.diarist.file;
