//! 工厂: a workshop whose topics and payloads are Chinese. To this program that is ordinary text.

use fastrand::Rng;
use serde_json::json;

use crate::demo::broker::Message;
use crate::demo::devices::signal::{Walk, once_in, round};
use crate::demo::devices::simulation::{Device, Now, json, number};

/// Workshops one and two.
const SHOPS: [&str; 2] = ["一号车间", "二号车间"];

/// Stamping press, injection moulder, packer.
const MACHINES: [&str; 3] = ["冲压机", "注塑机", "包装机"];

/// Running, standing by, under repair.
const STATES: [&str; 3] = ["运行中", "待机", "检修"];

/// A notice as it hangs on the wall.
const NOTICE: &str = "安全生产通知\n\n\
一、进入车间必须佩戴安全帽和防护眼镜。\n\
二、设备运行时禁止打开防护门；发现异常请立即按下急停按钮，并通知值班人员。\n\
三、每班结束前清理工作台，填写交接班记录。\n\
四、本周六（八小时）进行配电检修，请提前保存数据。\n\n\
设备管理部\n";

pub(super) fn devices(rng: &mut Rng) -> impl Iterator<Item = Box<dyn Device>> {
    SHOPS.into_iter().map(|shop| Box::new(Shop::new(shop, rng.fork())) as Box<dyn Device>)
}

struct Shop {
    path: String,
    rng: Rng,
    temperature_c: Walk,
    humidity: Walk,
    dust: Walk,
    /// Index of the state and pieces made, by machine.
    machines: [(usize, u64); 3],
}

impl Shop {
    fn new(name: &str, mut rng: Rng) -> Self {
        Self {
            path: format!("工厂/{name}"),
            temperature_c: Walk { value: 24.0, low: 18.0, high: 33.0, step: 0.08 },
            humidity: Walk { value: 55.0, low: 35.0, high: 85.0, step: 0.3 },
            dust: Walk { value: 40.0, low: 5.0, high: 160.0, step: 2.0 },
            machines: [0; 3].map(|state| (state, rng.u64(1000..9000))),
            rng,
        }
    }

    fn report_machines(&mut self, now: Now, out: &mut Vec<Message>) {
        for (name, (state, pieces)) in MACHINES.iter().zip(&mut self.machines) {
            let path = format!("{}/设备/{name}", self.path);
            let changed = once_in(&mut self.rng, 50.0);
            if changed {
                *state = self.rng.usize(0..STATES.len());
            }
            *pieces += u64::from(*state == 0);
            let state_name = STATES.get(*state).copied().unwrap_or_default();
            if now.step == 0 || changed {
                out.push(Message::new(format!("{path}/状态"), state_name).retained());
            }
            if now.is_due(6, 2) {
                out.push(Message::new(format!("{path}/产量"), pieces.to_string()));
            }
            if now.is_due(12, 5) {
                let data = json!({ "设备": name, "状态": state_name, "产量": pieces, "操作员": "王芳", "备注": null });
                out.push(json(format!("{path}/数据"), &data));
            }
        }
    }
}

impl Device for Shop {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let temperature_c = self.temperature_c.next(&mut self.rng);
        let humidity = self.humidity.next(&mut self.rng);
        let dust = self.dust.next(&mut self.rng);
        self.report_machines(now, out);
        if now.is_due(2, 0) {
            out.push(number(format!("{}/温度传感器", self.path), temperature_c, 1));
        }
        if now.is_due(5, 1) {
            out.push(number(format!("{}/湿度传感器", self.path), humidity, 1));
        }
        if now.is_due(10, 3) {
            let quality = if dust < 50.0 {
                "优"
            } else if dust < 100.0 {
                "良"
            } else {
                "轻度污染"
            };
            let air = json!({
                "温度": round(temperature_c, 1),
                "湿度": round(humidity, 1),
                "粉尘": { "数值": round(dust, 1), "单位": "µg/m³" },
                "空气质量": quality,
            });
            out.push(json(format!("{}/环境", self.path), &air));
        }
        if now.step == 0 {
            out.push(Message::new(format!("{}/公告", self.path), NOTICE).retained());
        }
    }
}
