/** Fast predictions of plain dense networks. */
package lowrank.inference;
