/** A run of a notebook: its settings, what it shows, and what it writes. */
package lowrank.notebook;
