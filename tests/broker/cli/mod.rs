//! `mqttree sub` and `mqttree pub` compared with mosquitto_sub and mosquitto_pub: same command lines, same broker, same
//! bytes.

mod decode;
mod ending;
mod output;
mod profile;
mod properties;
mod publishing;
mod request;
pub mod run;
mod sequences;
