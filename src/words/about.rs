//! What the About page says.

use std::io;
use std::path::Path;

use crate::words::language::say;
use crate::words::{Label, Language, label};

/// Name of the version.
pub const VERSION: Label = label("Version", "版本");
/// Name of what draws the window.
pub const RENDERER: Label = label("Renderer", "渲染器");
/// Name of the operating system and the processor.
pub const SYSTEM: Label = label("System", "系统");
/// The OpenGL renderer.
pub const OPENGL: Label = label("OpenGL (glow)", "OpenGL（glow）");
/// The other renderer.
pub const WGPU: Label = label("wgpu", "wgpu");
/// Name of the folder of connections and settings.
pub const CONFIG: Label = label("Connections, settings", "连接和设置");
/// Name of the folder of recordings.
pub const DATA: Label = label("Recordings", "录制");
/// Name of the folder of what can be done without.
pub const STATE: Label = label("History, log", "历史和日志");
/// Link that opens one of the folders.
pub const OPEN_FOLDER: Label = label("Open folder", "打开文件夹");
/// Button that shows the licences.
pub const LICENCES: Label = label("Licences", "许可证");
/// Title of the list of licences.
pub const LICENCES_TITLE: Label =
    label("What mqttree is made of, and its licences", "mqttree 使用的组件及其许可证");
/// Button that copies everything on the page.
pub const COPY: Label = label("Copy", "复制");

/// Notice that a folder could not be opened.
pub fn not_opened(folder: &Path, error: &io::Error, l: Language) -> String {
    let folder = folder.display();
    say!(l, "Cannot open {folder}\n{error}", "无法打开 {folder}\n{error}")
}
