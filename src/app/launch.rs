//! Opens the window with the renderer asked for, or with the other one if that fails.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;

use crossbeam_channel::{Receiver, bounded};
use eframe::NativeOptions;
use eframe::egui::{Context, IconData, ViewportBuilder, ViewportCommand, ViewportId, vec2};

use crate::app::{App, Start, libraries};
use crate::cli::{Connection, Launch};
use crate::demo;
use crate::logging::without_build_paths;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets};
use crate::session::signals::{self, Interruption};
use crate::store::document::Storable as _;
use crate::store::settings::Renderer;
use crate::store::{self, Paths, Settings};
use crate::words::app::NoWindow;
use crate::words::{self, Language};

/// Name of the desktop entry and of the folder with the window's geometry.
pub const APP_ID: &str = "io.github.mqttree.Mqttree";

const ICON: &[u8] = include_bytes!("../../assets/icon/256.png");

/// Opens the window and returns when it is closed.
pub fn run(launch: Launch) -> anyhow::Result<()> {
    let paths =
        Paths::from_env().map_err(|error| anyhow::anyhow!(words::store::error(&error, Language::English)))?;
    let missing = libraries::missing();
    if !missing.is_empty() {
        let files: Vec<_> = missing.iter().map(|library| library.file).collect();
        let packages =
            [0, 1, 2].map(|system| missing.iter().map(|library| library.packages[system]).collect());
        anyhow::bail!(words::app::libraries_missing(&files, packages, Language::English));
    }
    let renderers = renderers(launch.renderer.unwrap_or_else(|| saved_renderer(&paths)));
    let start = Rc::new(RefCell::new(Some(start(launch)?)));
    let mut result = Ok(());
    for renderer in renderers.into_iter().map(of_eframe) {
        let (start_here, paths) = (Rc::clone(&start), paths.clone());
        result = eframe::run_native(
            "mqttree",
            options(renderer, &paths),
            Box::new(move |creation| {
                let start = start_here.borrow_mut().take().unwrap_or_default();
                let start = Start { ended: Some(close_at_signals(&creation.egui_ctx)), ..start };
                Ok(Box::new(App::new(&creation.egui_ctx, &paths, start)?))
            }),
        );
        match &result {
            // Once the app was created, the renderer works, and a later failure is not its fault.
            Err(error) if start.borrow().is_some() && cause(error) == NoWindow::Renderer => {
                log::warn!("the {renderer} renderer does not work here: {error}");
            }
            _ => break,
        }
    }
    result.map_err(|error| {
        let cause = cause(&error);
        let error = error.to_string();
        let text = words::app::no_window(cause, &without_build_paths(&error), Language::English);
        anyhow::anyhow!(text)
    })
}

/// Whom to blame. A failure of the event loop has nothing to do with a renderer: another one would fail in the same way.
fn cause(error: &eframe::Error) -> NoWindow {
    match error {
        eframe::Error::WinitEventLoop(_) | eframe::Error::Winit(_) | eframe::Error::AppCreation(_) => {
            NoWindow::Desktop
        }
        _ => NoWindow::Renderer,
    }
}

/// Closes the window at Ctrl-C, SIGTERM and SIGHUP, so that its sessions say goodbye to their brokers. The second one ends
/// the program at once. Returns which it was, once it came.
fn close_at_signals(ctx: &Context) -> Receiver<Interruption> {
    let ctx = ctx.clone();
    let (sender, ended) = bounded(1);
    let started = signals::interrupts().and_then(|ends| {
        thread::Builder::new().name("close-window".to_owned()).spawn(move || {
            if let Ok(end) = ends.recv() {
                // The only one; where the window is gone nobody asks.
                sender.try_send(end).ok();
                ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
                ctx.request_repaint_of(ViewportId::ROOT);
            }
        })
    });
    if let Err(error) = started {
        log::warn!("signals end the program without a goodbye to its brokers: {error}");
    }
    ended
}

/// The renderer in the settings. Problems with the file are ignored here; the window reports them when it loads it.
fn saved_renderer(paths: &Paths) -> Renderer {
    let read = store::read(&paths.settings(), Settings::BYTES_MAX);
    read.ok().flatten().map(|bytes| Settings::parse(&bytes).document.renderer).unwrap_or_default()
}

/// The renderers to try, in order. On Linux OpenGL starts fast and takes little memory; other systems have better ones.
/// A renderer that this build lacks counts as none: the window says so.
fn renderers(asked: Renderer) -> Vec<Renderer> {
    let order: &[Renderer] = match asked {
        Renderer::Glow if asked.is_built_in() => &[Renderer::Glow],
        Renderer::Wgpu if asked.is_built_in() => &[Renderer::Wgpu],
        _ if cfg!(any(windows, target_os = "macos")) => &[Renderer::Wgpu, Renderer::Glow],
        _ => &[Renderer::Glow, Renderer::Wgpu],
    };
    order.iter().copied().filter(|renderer| renderer.is_built_in()).collect()
}

/// eframe's name for it. Its enum has only what this build can draw with, so a match would need the manifest's
/// conditions again.
fn of_eframe(renderer: Renderer) -> eframe::Renderer {
    let name = if renderer == Renderer::Glow { "glow" } else { "wgpu" };
    name.parse().unwrap_or_default()
}

fn options(renderer: eframe::Renderer, paths: &Paths) -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_title("mqttree")
        .with_app_id(APP_ID)
        .with_inner_size(vec2(1280.0, 800.0))
        .with_min_inner_size(vec2(640.0, 400.0));
    let viewport = match eframe::icon_data::from_png_bytes(ICON) {
        Ok(icon) => viewport.with_icon(icon),
        Err(error) => {
            log::warn!("the icon cannot be read: {error}");
            viewport.with_icon(IconData::default())
        }
    };
    NativeOptions {
        viewport,
        renderer,
        persistence_path: Some(paths.state.join("window.ron")),
        ..NativeOptions::default()
    }
}

/// What connects to the embedded broker.
pub(super) fn demo_options(port: u16) -> ConnectOptions {
    let (host, version) = ("127.0.0.1".to_owned(), MqttVersion::V5.into());
    ConnectOptions { host, port, version, ..ConnectOptions::default() }
}

fn start(launch: Launch) -> anyhow::Result<Start> {
    let (links, typed): (Vec<_>, Vec<_>) =
        launch.connections.into_iter().partition(|connection| connection.may_be_link);
    let mut open: Vec<_> = typed.into_iter().map(target).collect();
    // There is at most one: a URL given without anything else.
    let link = links.into_iter().next().map(target);
    let demo = if launch.demo {
        let demo =
            demo::start().map_err(|error| anyhow::anyhow!(words::app::no_demo(&error, Language::English)))?;
        let name = words::app::DEMO.of(Language::English).to_owned();
        open.push((name, demo_options(demo.port()), Secrets::default()));
        Some(demo)
    } else {
        None
    };
    Ok(Start {
        open,
        link,
        profiles: launch.saved,
        given: launch.given,
        demo,
        perf_log: launch.perf_log,
        ..Start::default()
    })
}

fn target(connection: Connection) -> (String, ConnectOptions, Secrets) {
    let Connection { profile, secrets, may_be_link: _ } = connection;
    (profile.name, profile.connect, secrets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_renderers_of_this_build_are_tried() {
        for asked in [Renderer::Automatic, Renderer::Glow, Renderer::Wgpu] {
            let order = renderers(asked);
            assert!(
                !order.is_empty() && order.iter().all(|renderer| renderer.is_built_in()),
                "{asked:?} {order:?}"
            );
            if asked != Renderer::Automatic && asked.is_built_in() {
                assert_eq!(order, [asked]);
            }
        }
    }

    #[test]
    fn every_renderer_of_this_build_is_one_of_eframes() {
        for renderer in renderers(Renderer::Automatic) {
            let name = of_eframe(renderer).to_string();
            assert_eq!(name, if renderer == Renderer::Glow { "glow" } else { "wgpu" });
        }
    }

    #[test]
    fn an_app_that_fails_is_not_the_renderers_fault() {
        assert_eq!(cause(&eframe::Error::AppCreation("no home".into())), NoWindow::Desktop);
    }
}
