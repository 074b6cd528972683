/** What was measured of networks, and where it comes from. */
package lowrank.results;
