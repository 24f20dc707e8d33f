//! Pictures of the panel in many states, to be looked at after a change:
//! `INSPECTOR_PICTURES=folder cargo test --test ui -- --ignored pictures`.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::kittest::Queryable as _;
use mqttree::model::message::{Flags, PublishProperties, QoS};
use mqttree::ui::panels::inspector::InspectorView;

use super::{SIZE, receive, receive_with, replaced, select, settle, window_of};
use crate::harness::Stage;

const RETAINED: Flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: false };

const JSON: &[u8] = br#"{"device":"pump-17","temperature":21.50,"on":true,"error":null,"big":12345678901234567890,
    "sensors":[{"id":1,"value":20.1},{"id":2,"value":-3e2}],"message":"The pump was started by hand at the panel of
 hall 2 and runs with reduced speed until the filter is changed","unit":"\u00b0C"}"#;

const LONG: &str =
    "company/site-germany/building-4/floor-2/hall-2/line-4/machine-17/drive/inverter/heat-sink-temperature";

const CHINESE: &str = r#"{"温度": 23.5, "状态": "运行中", "说明": "传感器温度过高时自动停机，请检查冷却系统并联系维护人员处理"}"#;

/// Name, tab to open, and what the broker has sent.
type Picture = (&'static str, Option<&'static str>, fn(&mut Stage<InspectorView>));

const PICTURES: [Picture; 13] = [
    ("json", None, |stage| {
        for n in 0..30 {
            let flags = if n % 7 == 0 { RETAINED } else { Flags::default() };
            let text = replaced(&json(), "21.50", &format!("{n}.50"));
            receive_with(
                stage,
                "plant/hall-2/machine-17/state",
                &text,
                f64::from(30 - n) * 1.013,
                flags,
                None,
            );
        }
        select(stage, "plant/hall-2/machine-17/state");
    }),
    ("number", None, |stage| {
        for n in 0..20 {
            let text = format!("{}.5", 22 + n);
            let seconds = f64::from(20 - n) * 61.0;
            receive_with(stage, "plant/hall-2/temperature", text.as_bytes(), seconds, RETAINED, None);
        }
        select(stage, "plant/hall-2/temperature");
    }),
    ("properties", None, |stage| properties(stage, 1)),
    ("many-properties", None, |stage| properties(stage, 12)),
    ("chinese", None, |stage| one(stage, "工厂/二号车间/温度传感器", CHINESE.as_bytes())),
    ("long", None, |stage| {
        let text =
            b"The quick brown fox jumps over the lazy dog, again and again, until the line is much too long.
second line\r\nthird\x07 line\twith a tabulator";
        one(stage, LONG, text);
    }),
    ("binary", None, |stage| {
        let bytes: Vec<u8> = (0..700u32).map(|n| if n % 9 == 0 { 0 } else { (n * 31 % 256) as u8 }).collect();
        one(stage, "plant/raw", &bytes);
    }),
    ("deep", None, |stage| {
        let text = format!("{}1{}", "{\"level\":[".repeat(40), "]}".repeat(40));
        one(stage, "plant/deep", text.as_bytes());
    }),
    ("empty", None, |stage| one(stage, "/a//b", b"")),
    ("image", None, |stage| {
        one(stage, "camera/1", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0");
    }),
    ("diff", Some("Diff"), |stage| {
        receive(stage, "plant/s", &json(), 30.0);
        let text = replaced(&replaced(&json(), "21.50", "22.00"), ",\"unit\"", ",\"added\":[1,2],\"unit\"");
        one(stage, "plant/s", &text);
    }),
    ("broken", None, |stage| one(stage, "plant/s", br#"{"a": 1, "b": }"#)),
    ("level", None, |stage| {
        receive(stage, "plant/hall-2/a", b"1", 3.0);
        receive(stage, "plant/hall-2/b", b"1", 4.0);
        select(stage, "plant/hall-2");
    }),
];

fn json() -> Vec<u8> {
    replaced(JSON, "\n", "")
}

fn one(stage: &mut Stage<InspectorView>, topic: &str, payload: &[u8]) {
    receive(stage, topic, payload, 3.0);
    select(stage, topic);
}

fn properties(stage: &mut Stage<InspectorView>, user_properties: usize) {
    let properties = PublishProperties {
        payload_format_indicator: Some(1),
        content_type: Some("application/json".to_owned()),
        correlation_data: Some(vec![0, 1, 0xfe, 0x42]),
        user_properties: (0..user_properties)
            .map(|n| (format!("trace-{n}"), "7f3a99c1".to_owned()))
            .collect(),
        ..PublishProperties::default()
    };
    receive_with(stage, "plant/hall-2/requests", &json(), 3.2, RETAINED, Some(properties));
    select(stage, "plant/hall-2/requests");
}

#[test]
#[ignore = "draws pictures to look at, and needs a graphics driver"]
fn pictures() {
    let folder = std::env::var("INSPECTOR_PICTURES").unwrap();
    for (look, theme) in [("dark", Theme::Dark), ("light", Theme::Light)] {
        for (shape, size) in [("460", SIZE), ("760", vec2(760.0, 900.0)), ("320", vec2(320.0, 420.0))] {
            for (name, tab, prepare) in PICTURES {
                let mut window = window_of(size, theme, prepare);
                if let Some(tab) = tab {
                    window.get_by_role_and_label(Role::Tab, tab).click();
                    settle(&mut window);
                }
                let picture = window.render().unwrap();
                picture.save(format!("{folder}/{name}-{shape}-{look}.png")).unwrap();
            }
        }
    }
}
