//! Files that replace others: written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

/// Replaces the file at `path` by one with this text, or makes it. Nobody ever sees half of it, its
/// permissions stay, and a symbolic link stays one.
///
/// # Errors
///
/// If that fails; the old file is then untouched.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let path = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => absolute(path)?,
        Err(error) => return Err(error),
    };
    let parent = path.parent().unwrap_or(Path::new("/"));
    let mut file = file_builder().prefix(".versus-").tempfile_in(parent)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&path) {
        fs::set_permissions(file.path(), old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Follows links of what exists, so that the link stays and its target is replaced.
pub(super) fn absolute(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().or_else(|_| std::path::absolute(path))
}

#[cfg(unix)]
pub(super) fn folder_builder() -> Builder<'static, 'static> {
    with_mode(0o777)
}

#[cfg(unix)]
fn file_builder() -> Builder<'static, 'static> {
    with_mode(0o666)
}

/// Temporary files are private by default; results are as public as the user's umask lets them be.
#[cfg(unix)]
fn with_mode(mode: u32) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}

#[cfg(not(unix))]
pub(super) fn folder_builder() -> Builder<'static, 'static> {
    Builder::new()
}

#[cfg(not(unix))]
fn file_builder() -> Builder<'static, 'static> {
    Builder::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions_and_its_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let above = tempfile::tempdir().unwrap();
        let file = above.path().join("README.md");
        let link = above.path().join("link.md");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        symlink("README.md", &link).unwrap();
        write_whole(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o664
        );
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(above.path()).unwrap().count(), 2);
    }
}
