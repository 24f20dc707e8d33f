//! The texts of the editor of a plotted series.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, label};

/// Entry in the menu of a series, and title of the editor.
pub const TITLE: Label = label("Change series", "修改曲线");
/// Button that closes the editor.
pub const CLOSE: Label = label("Close the editor", "关闭编辑器");
/// Field.
pub const NAME: Label = label("Series name", "曲线名称");
/// Field.
pub const UNIT: Label = label("Unit", "单位");
/// Choice of how values are read.
pub const READ_AS: Label = label("Read as", "读取为");
/// Way of reading.
pub const NUMBER: Label = label("Number", "数值");
/// Way of reading.
pub const STATE: Label = label("State", "状态");
/// Way of reading, and the field for it.
pub const FORMULA: Label = label("Formula", "公式");
/// How texts are read as numbers.
pub const NUMBER_RULE: Label = label(
    "on and true are 1, off and false are 0; 21,5 is 21.5; a unit after a number is left out",
    "on 和 true 为 1，off 和 false 为 0；21,5 即 21.5；数字后的单位会被忽略",
);
/// What a formula may be.
pub const FORMULA_RULE: Label =
    label("In jq, from the whole payload: .temp * 1.8 + 32", "使用 jq，针对整个载荷：.temp * 1.8 + 32");
/// Field: where the payload says when a value was measured.
pub const TIME_FROM: Label = label("Time from", "时间来源");
/// Shown in the empty field [`TIME_FROM`].
pub const ARRIVAL: Label = label("arrival, or a path", "到达时间，或路径");
/// Remark on a text that is no path.
pub const NO_PATH: Label =
    label("This is no path such as time or meta.ts", "不是有效路径，例如 time 或 meta.ts");
/// Button that reads the values in another way.
pub const APPLY: Label = label("Read again", "重新读取");
/// Choice of how a series is drawn.
pub const DRAW_AS: Label = label("Draw as", "绘制为");
/// Field and choices.
pub const COLOR: Label = label("Colour", "颜色");
/// Field: what values are multiplied by.
pub const SCALE: Label = label("Multiply by", "乘以");
/// Field: what is added to values after that.
pub const OFFSET: Label = label("Then add", "再加上");
/// Choice of a value axis.
pub const AXIS: Label = label("Axis", "坐标轴");
/// Value axis.
pub const LEFT: Label = label("Left", "左");
/// Value axis.
pub const RIGHT: Label = label("Right", "右");
/// Field.
pub const AXIS_TITLE: Label = label("Axis title", "轴标题");
/// Choice of linear or logarithmic.
pub const STEPS: Label = label("Axis scale", "轴刻度");
/// Kind of axis.
pub const LINEAR: Label = label("Linear", "线性");
/// Kind of axis.
pub const LOGARITHMIC: Label = label("Logarithmic", "对数");
/// Title of the names of states.
pub const LABELS: Label = label("Shown in place of each state", "各状态的显示名称");

/// Accessible name of a colour of the palette.
pub fn color(number: usize, language: Language) -> String {
    match language {
        English => format!("Colour {number}"),
        Chinese => format!("颜色 {number}"),
    }
}

/// Accessible name of the field for what is shown in place of a state.
pub fn label_of(state: &str, language: Language) -> String {
    match language {
        English => format!("Shown for {state}"),
        Chinese => format!("{state} 的显示名称"),
    }
}
