//! The view of a picture.

use std::io::Cursor;

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Modifiers, TextureId, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use image::{ImageFormat, Rgba, RgbaImage};

use super::{SIZE, Window, click, payload, receive, select, settle, window};
use crate::harness::{until, wheel};

/// An encoded picture, red on the left and blue on the right.
fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbaImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgba([250, 0, 0, 255]) } else { Rgba([0, 0, 250, 255]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::from(image).into_rgb8().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn showing(bytes: &[u8]) -> Window {
    window(|stage| {
        receive(stage, "camera", bytes, 3.0);
        select(stage, "camera");
    })
}

/// The picture's zoom in percent, once it is drawn.
fn percent(window: &Window) -> Option<f32> {
    let nodes = window.query_all_by_label_contains(" %");
    let texts = nodes.filter_map(|node| node.value().or_else(|| node.accesskit_node().label()));
    texts
        .filter_map(|text| text.strip_suffix(" %")?.parse().ok())
        .find(|percent: &f32| (*percent - 100.0).abs() > 0.5)
}

/// How many textures are held besides the fonts.
fn textures(window: &Window) -> usize {
    let manager = window.ctx.tex_manager();
    let manager = manager.read();
    manager.allocated().filter(|(id, meta)| **id != TextureId::default() && meta.name == "picture").count()
}

#[test]
fn a_picture_is_drawn_as_large_as_there_is_room_for() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        let mut window = showing(&encoded(900, 300, format));
        until(&mut window, "the picture", |window| percent(window).is_some());
        let drawn = percent(&window).unwrap();
        assert!((SIZE.x / 9.0 - drawn).abs() < 3.0, "{format:?}: {drawn} %");
        assert!(payload(&window).contains("image   900 × 300 pixels"), "{}", payload(&window));
    }
}

#[test]
fn its_colours_are_on_the_screen() {
    let mut window = showing(&encoded(64, 64, ImageFormat::Png));
    until(&mut window, "the picture", |window| percent(window).is_some());
    let room = window.get_by_label("Payload").rect();
    let shot = window.render().unwrap();
    let at = |x: f32| shot.get_pixel((room.center().x + x) as u32, room.center().y as u32).0;
    assert!(at(-8.0)[0] > 200 && at(-8.0)[2] < 60, "{:?}", at(-8.0));
    assert!(at(8.0)[2] > 200 && at(8.0)[0] < 60, "{:?}", at(8.0));
}

#[test]
fn the_wheel_and_the_choice_zoom() {
    let mut window = showing(&encoded(900, 300, ImageFormat::Png));
    until(&mut window, "the picture", |window| percent(window).is_some());
    let fit = percent(&window).unwrap();
    let middle = window.get_by_label("Payload").rect().center();
    wheel(&mut window, middle, 60.0, Modifiers::NONE);
    assert!(percent(&window).unwrap() > fit * 1.1);
    click(&mut window, Role::RadioButton, "100 %");
    let full = window.get_by_role_and_label(Role::RadioButton, "100 %");
    assert_eq!(full.accesskit_node().toggled(), Some(Toggled::True));
    assert_eq!(percent(&window), None, "it says 100 % and nothing else");
    click(&mut window, Role::RadioButton, "Fit");
    assert_eq!(percent(&window), Some(fit));
}

#[test]
fn its_texture_is_freed_when_it_does_not_show() {
    let mut window = showing(&encoded(64, 64, ImageFormat::Png));
    until(&mut window, "the picture", |window| textures(window) == 1);
    click(&mut window, Role::Tab, "Hex");
    assert_eq!(textures(&window), 0);
    click(&mut window, Role::Tab, "Image");
    until(&mut window, "the picture", |window| textures(window) == 1);
    window.state_mut().panel.hide();
    assert_eq!(textures(&window), 0);
    until(&mut window, "the picture", |window| textures(window) == 1);
    window.state_mut().selected = None;
    settle(&mut window);
    assert_eq!(textures(&window), 0);
}

#[test]
fn the_pictures_of_a_camera_follow_each_other_without_a_gap() {
    let mut window = showing(&encoded(64, 64, ImageFormat::Png));
    until(&mut window, "the picture", |window| textures(window) == 1);
    receive(window.state_mut(), "camera", &encoded(32, 32, ImageFormat::Png), 1.0);
    until(&mut window, "the next one", |window| {
        assert!(textures(window) >= 1, "it went before the next one came");
        payload(window).contains("32 × 32")
    });
    until(&mut window, "the old one's end", |window| textures(window) == 1);
}

#[test]
fn a_picture_that_cannot_be_drawn_says_why_and_where() {
    let mut bomb = encoded(2, 2, ImageFormat::Bmp);
    bomb[18..26].copy_from_slice(&[60_000_i32.to_le_bytes(), 60_000_i32.to_le_bytes()].concat());
    let whole = encoded(64, 64, ImageFormat::Png);
    let cases: [(&[u8], &str); 2] = [
        (&bomb, "its header claims 60,000 × 60,000 pixels; at most 33,554,432 pixels are decoded"),
        (&whole[..whole.len() - 60], "bytes, before the picture is whole"),
    ];
    for (bytes, why) in cases {
        let mut window = showing(bytes);
        until(&mut window, why, |window| window.query_by_label_contains(why).is_some());
        window.get_by_label("This picture cannot be drawn");
        assert!(payload(&window).contains(why), "{}", payload(&window));
        assert_eq!(textures(&window), 0);
    }
}

#[test]
fn the_view_of_a_picture() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "inspector-picture-dark"), (Theme::Light, "inspector-picture-light")]
    {
        let mut window = super::window_of(SIZE, theme, |stage| {
            let icon = include_bytes!("../../../assets/icon/128.png");
            receive(stage, "camera", icon, 3.0);
            select(stage, "camera");
        });
        until(&mut window, "the picture", |window| textures(window) == 1);
        settle(&mut window);
        results.add(window.try_snapshot(name));
        super::pictures::in_chinese(&mut window, theme, "inspector-picture", &mut results);
    }
}
