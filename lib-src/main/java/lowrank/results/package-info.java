/** Measurements of networks, and where they come from. */
package lowrank.results;
