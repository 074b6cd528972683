/** Images: read and verified, or drawn, then split and handed out in batches. */
package lowrank.data;
