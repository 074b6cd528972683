/** Digits: reading, verifying, downloading or drawing them, splitting them, and handing them out in batches. */
package lowrank.data;
