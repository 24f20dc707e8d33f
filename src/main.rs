//! mqttree
fn main() {}
