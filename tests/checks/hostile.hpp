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
