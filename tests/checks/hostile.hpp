// What a header of somebody else may have defined before ours is read: <windows.h>, mostly.
#pragma once

#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define GetObject GetObjectA
#define GetMessage GetMessageA
#define SendMessage SendMessageA
#define DELETE (0x00010000L)
#define ERROR 0
#define NO_ERROR 0L
#define IN
#define OUT
#define interface struct
#define small char
#define near
#define far

// <AssertMacros.h> of macOS, <sys/sysmacros.h>, X11, curses, and compilers in gnu++ mode.
#define check(x) (x)
#define verify(x) (x)
#define require(x, label) (x)
#define major(x) (x)
#define minor(x) (x)
#define makedev(a, b) (a)
#define unix 1
#define linux 1
#define None 0L
#define Bool int
#define Status int
#define Success 0
#define TRUE 1
#define FALSE 0
#define near
#define far
#define pascal
#define BOOL int
#define CALLBACK
#define CONST const
#define STRICT 1
#define OPTIONAL
#define PASSTHROUGH
