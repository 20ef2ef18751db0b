/** The desktop app's main process: the real Electron, and nothing else. See desktop.ts. */
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from "electron";
import { startDesktop } from "./desktop.ts";

void startDesktop(
  { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, screen, session, shell, utilityProcess },
  { argv: process.argv, platform: process.platform, execPath: process.execPath, built: __dirname },
);
