//! Minimal proxies for HTTP CONNECT and SOCKS5, and the ways in which they refuse.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::Arc;
use std::thread::Builder;

use parking_lot::Mutex;

use crate::harness::FakeServer;

/// The requests to a proxy in order: host and port as the client wrote them.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// An HTTP proxy that accepts only `credentials` (`user:password` in base64), or everybody.
pub fn http_proxy(credentials: Option<&'static str>) -> (FakeServer, Asked) {
    let asked = Asked::default();
    let seen = asked.clone();
    let server = FakeServer::start(move |client| {
        let Some(request) = read_head(client) else { return };
        let target = request.split(' ').nth(1).unwrap().to_owned();
        let let_in = credentials
            .is_none_or(|wanted| request.contains(&format!("\r\nProxy-Authorization: Basic {wanted}\r\n")));
        if !let_in {
            client
                .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
                .ok();
            return;
        }
        seen.lock().push(target.clone());
        match open(&target) {
            Ok(broker) => {
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok();
                relay(client, &broker);
            }
            Err(_) => drop(client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")),
        }
    });
    (server, asked)
}

/// A SOCKS5 proxy that accepts only this user, or everybody.
pub fn socks_proxy(user: Option<(&'static str, &'static str)>) -> (FakeServer, Asked) {
    let asked = Asked::default();
    let seen = asked.clone();
    let server = FakeServer::start(move |client| {
        if let Err(error) = socks(client, user, &seen) {
            eprintln!("the proxy's client went away: {error}");
        }
    });
    (server, asked)
}

/// A SOCKS5 proxy that answers every request with this reply code.
pub fn refusing_socks_proxy(reply: u8) -> FakeServer {
    FakeServer::start(move |client| {
        let mut greeting = [0; 3];
        let mut request = [0; 512];
        if client.read_exact(&mut greeting).is_ok() && client.write_all(&[5, 0]).is_ok() {
            let read = client.read(&mut request).is_ok_and(|count| count > 0);
            assert!(read, "a request");
            client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).ok();
        }
    })
}

fn socks(client: &mut TcpStream, user: Option<(&str, &str)>, asked: &Asked) -> io::Result<()> {
    let mut head = [0; 2];
    client.read_exact(&mut head)?;
    let mut methods = vec![0; head[1].into()];
    client.read_exact(&mut methods)?;
    let method = if user.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        return client.write_all(&[5, 0xFF]);
    }
    client.write_all(&[5, method])?;
    if let Some((name, password)) = user {
        client.read_exact(&mut [0])?;
        let (given_name, given_password) = (read_counted(client)?, read_counted(client)?);
        let right = given_name == name.as_bytes() && given_password == password.as_bytes();
        client.write_all(&[1, u8::from(!right)])?;
        if !right {
            return Ok(());
        }
    }
    let mut request = [0; 4];
    client.read_exact(&mut request)?;
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            client.read_exact(&mut address)?;
            Ipv4Addr::from(address).to_string()
        }
        _ => String::from_utf8(read_counted(client)?).unwrap(),
    };
    let mut port = [0; 2];
    client.read_exact(&mut port)?;
    let target = format!("{host}:{}", u16::from_be_bytes(port));
    asked.lock().push(target.clone());
    match open(&target) {
        Ok(broker) => {
            client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
            relay(client, &broker);
            Ok(())
        }
        Err(_) => client.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]),
    }
}

fn read_counted(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut count = [0];
    client.read_exact(&mut count)?;
    let mut bytes = vec![0; count[0].into()];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Connects to the target; the name that only a proxy knows leads to this computer.
fn open(target: &str) -> io::Result<TcpStream> {
    TcpStream::connect(target.replace("only-the-proxy-knows.test", "127.0.0.1"))
}

fn read_head(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}

/// Copies data both ways until both sides have ended.
fn relay(client: &TcpStream, broker: &TcpStream) {
    let copy = |from: &TcpStream, to: &TcpStream| {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        move || {
            io::copy(&mut from, &mut to).ok();
            to.shutdown(Shutdown::Write).ok();
        }
    };
    let back = Builder::new().name("fake-proxy".to_owned()).spawn(copy(broker, client)).unwrap();
    copy(client, broker)();
    back.join().unwrap();
}
