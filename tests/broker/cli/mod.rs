//! `mqttree sub` and `mqttree pub` beside mosquitto_sub and mosquitto_pub: the same lines, the same broker, the same
//! bytes.

mod decode;
mod ending;
mod output;
mod profile;
mod publishing;
pub mod run;
