//! The program's source files and their modules.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file of `src`.
pub struct SourceFile {
    /// Path below `src`: `model/tree.rs`.
    pub path: PathBuf,
    /// Module path: `model`, `tree`; empty for `lib.rs` and the programs.
    pub module: Vec<String>,
    pub text: String,
}

impl SourceFile {
    /// Whether the file contains only tests.
    pub fn is_tests(&self) -> bool {
        self.module.iter().any(|name| name == "tests")
    }
}

/// Every file of `src`, in order.
pub fn all() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root).unwrap();
    assert!(files.contains(&root.join("model/mod.rs")), "this is not the source: {files:?}");
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(&root).unwrap().to_path_buf();
        SourceFile { module: module_path(&path), path, text }
    };
    files.into_iter().map(read).collect()
}

/// The contents of all files below these folders of the project.
pub fn texts(folders: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = folders.iter().flat_map(|folder| rust_files(&root.join(folder)).unwrap());
    files.map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The module path of a file: `model/tree.rs` → model, tree; `model/mod.rs` → model; `main.rs`, `console.rs` and `lib.rs` → none.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main" | "console")) {
        path.pop();
    }
    path
}
