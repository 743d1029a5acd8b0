// Stands in for what lean.ts leaves out.
module.exports = {};
