//! The broker against Debian's mosquitto_pub and mosquitto_sub.

use std::process::{Child, Command, Stdio};

use super::*;

fn mosquitto(program: &str, broker: &Broker, arguments: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(["-h", "127.0.0.1", "-p", &broker.port().to_string()]).args(arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.unwrap_or_else(|error| panic!("{program} (Debian: mosquitto-clients) did not start: {error}"))
}

fn output(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn mosquittos_clients_exchange_messages_in_every_version_and_qos() {
    let broker = broker();
    for (version, qos) in [("311", "0"), ("311", "1"), ("311", "2"), ("5", "0"), ("5", "1"), ("5", "2")] {
        let arguments = ["-V", version, "-q", qos, "-t", "m/+", "-C", "2", "-W", "20", "-F", "%t %q %r %p"];
        let subscriber = mosquitto("mosquitto_sub", &broker, &arguments);
        until(&broker, |stats| stats.subscriptions == 1).await;
        for topic in ["m/温度", "m/two"] {
            let arguments = ["-V", version, "-q", qos, "-t", topic, "-m", "21.5 °C", "-r"];
            output(mosquitto("mosquitto_pub", &broker, &arguments));
        }
        let received = output(subscriber);
        assert_eq!(received, format!("m/温度 {qos} 0 21.5 °C\nm/two {qos} 0 21.5 °C\n"), "{version}");
        until(&broker, |stats| stats.clients == 0).await;
        let arguments = ["-V", version, "-t", "m/#", "-C", "2", "-W", "20", "-F", "%t %r"];
        assert_eq!(output(mosquitto("mosquitto_sub", &broker, &arguments)), "m/two 1\nm/温度 1\n");
        for topic in ["m/温度", "m/two"] {
            output(mosquitto("mosquitto_pub", &broker, &["-t", topic, "-n", "-r"]));
        }
        assert_eq!(until(&broker, |stats| stats.clients == 0).await.retained, 0);
    }
}

#[tokio::test]
async fn mosquitto_sub_reads_mqtt_5_properties() {
    let broker = broker();
    let arguments = ["-V", "5", "-t", "p", "-C", "1", "-W", "20", "-F", "%C|%R|%D|%P|%p"];
    let subscriber = mosquitto("mosquitto_sub", &broker, &arguments);
    until(&broker, |stats| stats.subscriptions == 1).await;
    let arguments = [
        "-V",
        "5",
        "-t",
        "p",
        "-m",
        "x",
        "-D",
        "publish",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "response-topic",
        "r/t",
        "-D",
        "publish",
        "correlation-data",
        "c1",
        "-D",
        "publish",
        "user-property",
        "a",
        "b",
    ];
    output(mosquitto("mosquitto_pub", &broker, &arguments));
    assert_eq!(output(subscriber), "text/plain|r/t|c1|a:b|x\n");
}

#[tokio::test]
async fn mosquitto_subs_will_is_published_when_it_is_killed() {
    let broker = broker();
    let mut watcher = Client4::new(&broker, "watcher").await;
    watcher.subscribe("will", QoS::AtLeastOnce).await;
    let arguments = ["-t", "x", "--will-topic", "will", "--will-payload", "killed", "--will-qos", "1"];
    let mut victim = mosquitto("mosquitto_sub", &broker, &arguments);
    until(&broker, |stats| stats.subscriptions == 2).await;
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert_eq!(watcher.message().await.payload, "killed");
}
