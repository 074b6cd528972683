/** Digits: read, verified, downloaded or drawn, then split and handed out in batches. */
package lowrank.data;
