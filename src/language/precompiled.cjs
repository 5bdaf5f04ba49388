// Validators of the schemas that ship, by their key. Empty in the sources, where each is compiled when it is first used:
// the build puts them in, so that the program validates shipped roles without loading the compiler.
module.exports = {};
